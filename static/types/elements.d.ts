/** Our own elements, so that `document.createElement` knows them. Types only. */
export {};

declare global {
  interface HTMLElementTagNameMap {
    "closeloop-backfill": import("../elements/closeloop-backfill.js").CloseloopBackfill;
    "closeloop-connection": import("../elements/closeloop-connection.js").CloseloopConnection;
    "closeloop-deliveries": import("../elements/closeloop-deliveries.js").CloseloopDeliveries;
    "closeloop-files": import("../elements/closeloop-files.js").CloseloopFiles;
    "closeloop-picture": import("../elements/closeloop-picture.js").CloseloopPicture;
    "closeloop-forum": import("../elements/closeloop-forum.js").CloseloopForum;
    "closeloop-forum-form": import("../elements/closeloop-forum-form.js").CloseloopForumForm;
    "closeloop-history": import("../elements/closeloop-history.js").CloseloopHistory;
    "closeloop-message": import("../elements/closeloop-message.js").CloseloopMessage;
    "closeloop-outgoing": import("../elements/closeloop-outgoing.js").CloseloopOutgoing;
    "closeloop-picker": import("../elements/closeloop-picker.js").CloseloopPicker;
    "closeloop-pill": import("../elements/closeloop-pill.js").CloseloopPill;
    "closeloop-problem": import("../elements/closeloop-problem.js").CloseloopProblem;
    "closeloop-reply": import("../elements/closeloop-reply.js").CloseloopReply;
    "closeloop-resolution": import("../elements/closeloop-resolution.js").CloseloopResolution;
    "closeloop-slack": import("../elements/closeloop-slack.js").CloseloopSlack;
    "closeloop-tabs": import("../elements/closeloop-tabs.js").CloseloopTabs;
    "closeloop-thread": import("../elements/closeloop-thread.js").CloseloopThread;
    "closeloop-ticket": import("../elements/closeloop-ticket.js").CloseloopTicket;
    "closeloop-time": import("../elements/closeloop-time.js").CloseloopTime;
    "closeloop-toast": import("../elements/closeloop-toast.js").CloseloopToast;
    "closeloop-triage-around": import("../elements/closeloop-triage-around.js").CloseloopTriageAround;
    "closeloop-triage-detail": import("../elements/closeloop-triage-detail.js").CloseloopTriageDetail;
    "closeloop-triage-foot": import("../elements/closeloop-triage-foot.js").CloseloopTriageFoot;
    "closeloop-triage-help": import("../elements/closeloop-triage-help.js").CloseloopTriageHelp;
    "closeloop-triage-list": import("../elements/closeloop-triage-list.js").CloseloopTriageList;
    "closeloop-triage-menu": import("../elements/closeloop-triage-menu.js").CloseloopTriageMenu;
    "closeloop-triage-notices": import("../elements/closeloop-triage-notices.js").CloseloopTriageNotices;
    "closeloop-triage-reply": import("../elements/closeloop-triage-reply.js").CloseloopTriageReply;
    "closeloop-triage-row": import("../elements/closeloop-triage-row.js").CloseloopTriageRow;
    "closeloop-triage-teams": import("../elements/closeloop-triage-teams.js").CloseloopTriageTeams;
    "closeloop-triage-top": import("../elements/closeloop-triage-top.js").CloseloopTriageTop;
    "closeloop-triage-word": import("../elements/closeloop-triage-word.js").CloseloopTriageWord;
    "closeloop-undelivered": import("../elements/closeloop-undelivered.js").CloseloopUndelivered;
  }
}
