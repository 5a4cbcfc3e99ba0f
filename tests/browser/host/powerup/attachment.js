// @ts-check
/** The page of an attachment section. */

import { client, targetOrigin, tell } from "./common.js";

const t = client.iframe({ targetOrigin });
t.render(() => tell("claimed", t.arg("claimed").map((/** @type {{url: string}} */ { url }) => url)));
