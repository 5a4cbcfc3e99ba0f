// @ts-check
import { compact } from "./filter.js";

/** The triager's saved filters. */
export class Views {
  /** @type {Triage.View[]} */ all = [];
  #api;

  /** @param {import("../lib/api.js").ApiClient} api */
  constructor(api) {
    this.#api = api;
  }

  async read() {
    this.all = (await this.#api.get("/triage/views")).views;
  }

  /** @param {string} name @param {Triage.Filter} filter */
  async save(name, filter) {
    const { view } = await this.#api.post("/triage/views", { name, filter: typed(compact(filter)) });
    this.all = [...this.all.filter(({ id, name: other }) => id !== view.id && other !== name), view];
  }

  /** @param {number} id */
  async drop(id) {
    await this.#api.call("DELETE", `/triage/views/${id}`);
    this.all = this.all.filter((view) => view.id !== id);
  }
}

/** Ids are numbers for the server. @param {Record<string, string>} filter */
const typed = (filter) =>
  Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [name, name.endsWith("_id") ? Number(value) : value]),
  );
