// @ts-check
/** callback_method=postMessage: tells the window that opened this one, and only when it is where the token belongs. */

const answer = document.getElementById("answer");
const target = answer?.dataset.origin;
if (answer && target && window.opener) {
  window.opener.postMessage(answer.dataset.token || new Error(answer.dataset.error), target);
  window.close();
}

export {};
