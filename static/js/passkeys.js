/* Passkeys: asks the browser for one, and sends what it answers with.

   Its forms are hidden where a browser knows none, or runs no script: a code does as well. */

const FAULTS = {
  InvalidStateError: "This device has a passkey for this shop already.",
  SecurityError: "Passkeys do not work at this address of the shop.",
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const fault = form.querySelector("[data-passkey-fault]");
  const button = form.querySelector("[type=submit]");
  const options = JSON.parse(document.getElementById("passkey-options").textContent);
  form.hidden = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    fault.hidden = true;
    try {
      const answer = await window.webauthnJSON[form.dataset.passkey](options);
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      fault.textContent = FAULTS[error.name] ?? "That did not work, or was cancelled. Try again.";
      fault.hidden = false;
      button.removeAttribute("aria-disabled");
    }
  });
}
