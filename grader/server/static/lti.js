// A launch in a frame: keeps the secret of a login in the platform's storage, and forms that go on by themselves.
"use strict";

const WAIT = 2000;  // milliseconds for the platform's answer

const storage = document.querySelector("[data-storage]");
if (storage) {
  const { frame, origin, key, value, next, check } = storage.dataset;
  const platform = window.parent !== window ? window.parent : window.opener;
  const id = crypto.randomUUID ? crypto.randomUUID() : String(Math.random());
  let ended = false;
  const end = (found) => {
    if (ended) return;
    ended = true;
    if (storage.dataset.storage === "put") location.replace(found ? next : check);
    else if (found) { storage.elements.binding.value = found; storage.submit(); }
    else {
      storage.hidden = true;
      document.querySelector("[data-fallback]").hidden = false;
    }
  };
  window.addEventListener("message", (event) => {
    const said = event.data;
    if (event.origin !== origin || typeof said !== "object" || said === null || said.message_id !== id) return;
    if (said.subject === `lti.${storage.dataset.storage}_data.response`) end(said.error ? "" : said.value);
  });
  try {
    const target = frame === "_parent" ? platform : platform.frames[frame] || platform;
    target.postMessage({ subject: `lti.${storage.dataset.storage}_data`, message_id: id, key, value }, origin);
    setTimeout(end, WAIT);
  } catch {
    end();
  }
}

document.querySelector("form[data-submit]")?.submit();

if (document.querySelector("[data-close]")) {
  (window.opener || window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
}
