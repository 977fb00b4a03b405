// The form of promoted results: rows that can be added and moved, and a dialog of what was searched
// for. Wagtail writes this into the page, where our policy does not let it run.

{
  const { termsUrl, field, formsetPrefix, emptyPrefix } = document.currentScript.dataset;

  const chooseTerm = () => {
    window.ModalWorkflow({
      url: termsUrl,
      onload: window.QUERY_CHOOSER_MODAL_ONLOAD_HANDLERS,
      responses: {
        queryChosen: ({ querystring }) => {
          document.getElementById(field).value = querystring;
        },
      },
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    new window.InlinePanel({ formsetPrefix, emptyChildFormPrefix: emptyPrefix, canOrder: true });
    document.getElementById(`${field}-chooser`).addEventListener("click", chooseTerm);
  });
}
