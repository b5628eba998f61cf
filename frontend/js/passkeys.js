// Passkeys: hands the server's wish to the browser, and the browser's answer back as a form.
// A form with data-passkey="create" or "get" carries the options and a field named credential.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

const ask = {
  create: (wish) =>
    navigator.credentials.create({
      publicKey: {
        ...wish,
        challenge: bytes(wish.challenge),
        user: { ...wish.user, id: bytes(wish.user.id) },
        excludeCredentials: known(wish.excludeCredentials),
      },
    }),
  get: (wish) =>
    navigator.credentials.get({
      publicKey: {
        ...wish,
        challenge: bytes(wish.challenge),
        allowCredentials: known(wish.allowCredentials),
      },
    }),
};

const said = {
  create: (response) => ({
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  }),
  get: (response) => ({
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  }),
};

async function serve(form) {
  const kind = form.dataset.passkey;
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const made = await ask[kind](JSON.parse(form.dataset.options));
    form.elements.credential.value = JSON.stringify({
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: said[kind](made.response),
    });
    form.submit();
  } catch {
    failed.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelector("[data-passkey-again]").addEventListener("click", () => serve(form));
  serve(form);
}
