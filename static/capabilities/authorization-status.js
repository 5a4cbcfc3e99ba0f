// @ts-check
import { ProblemError } from "../lib/api.js";
import { open } from "../lib/session.js";
import * as trello from "../lib/trello.js";

/**
 * Whether the board is connected. A server that cannot be reached is no reason to ask somebody to authorize again.
 * @type {NonNullable<trello.Capabilities["authorization-status"]>}
 */
export async function authorizationStatus(t) {
  if (!trello.isSignedIn(t)) return { authorized: false };
  try {
    return { authorized: (await open(t).session.info()).board.connected };
  } catch (error) {
    return { authorized: !(error instanceof ProblemError && error.code === "board_not_connected") };
  }
}
