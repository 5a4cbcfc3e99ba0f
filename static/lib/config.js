// @ts-check
/** What the server tells every page, from `<meta name="closeloop-config">`. */

/** @typedef {{targetOrigin: string, appKey: string, pluginId: string, baseUrl: string, authorizeUrl: string}} Config */

/** @returns {Config} */
function read() {
  const meta = document.querySelector('meta[name="closeloop-config"]');
  const given = JSON.parse(meta?.getAttribute("content") || "{}");
  return {
    targetOrigin: given.targetOrigin || "https://trello.com",
    appKey: given.appKey || "",
    pluginId: given.pluginId || "",
    baseUrl: given.baseUrl || location.origin,
    authorizeUrl: given.authorizeUrl || "https://trello.com/1/authorize",
  };
}

export const config = read();
