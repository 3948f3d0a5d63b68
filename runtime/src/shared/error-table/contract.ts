/** Errors of documents and ids. */
export const CONTRACT_ERRORS = {
  MYELIN_DOCUMENT_INVALID: { message: "'{place}' is no valid {document} document: {problems}; {remedy}", status: 400, permanent: true },
  MYELIN_DOCUMENT_NOT_JSON: { message: "'{place}' ({got}) must be JSON, {remedy}", status: 400, permanent: true },
  MYELIN_DOCUMENT_OTHER_CONTRACT: {
    message: "'{place}' ({got}) must be of contract {contract}, use the construct library and the runtime image of the same release",
    status: 400,
    permanent: true,
  },
  MYELIN_EVENT_PART_ILL_FORMED: { message: "'{part}' ({got}) must be text that UTF-8 can hold, replace the half surrogate pair" },
  MYELIN_VERSION_EVENT_UNUSABLE: {
    message: "'events[{index}]' ({got}) must be a non-empty id without a line feed or half a surrogate pair, pass the id as the ledger holds it",
  },
  MYELIN_VERSION_WITHOUT_EVENTS: { message: "'events' ([]) must name at least one event, record the event that triggered the run first" },
} as const;
