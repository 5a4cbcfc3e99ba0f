// @ts-check
/** Puts what the server has drawn in the place of what is there, and leaves alone what did not change: focus and selection stay. */

/**
 * Each child has an id and a `data-revision`.
 * @param {Element} list
 * @param {Element} fresh
 */
export function merge(list, fresh) {
  const drawn = [...fresh.children];
  const kept = new Set(drawn.map((one) => one.id));
  for (const old of [...list.children]) if (!kept.has(old.id)) old.remove();
  drawn.forEach((one, place) => {
    const old = /** @type {HTMLElement | undefined} */ (list.children[place]);
    if (!old) list.append(one);
    else if (old.id !== one.id) old.before(one);
    else if (old.dataset.revision !== /** @type {HTMLElement} */ (one).dataset.revision) replace(old, one);
  });
}

/**
 * @param {HTMLElement} old
 * @param {Element} one
 */
function replace(old, one) {
  const focused = old.contains(document.activeElement) ? document.activeElement?.getAttribute("data-at") : null;
  old.replaceWith(one);
  /** @type {HTMLElement | null} */ (focused && one.querySelector(`[data-at="${focused}"]`))?.focus();
}
