/** Elements of the settings, of a card's owner and of the pages on outages, so that `document.createElement` knows them. Types only. */
export {};

declare global {
  interface HTMLElementTagNameMap {
    "closeloop-area": import("../elements/closeloop-area.js").CloseloopArea;
    "closeloop-area-form": import("../elements/closeloop-area-form.js").CloseloopAreaForm;
    "closeloop-audit": import("../elements/closeloop-audit.js").CloseloopAudit;
    "closeloop-desk-nav": import("../elements/closeloop-desk-nav.js").CloseloopDeskNav;
    "closeloop-flight": import("../elements/closeloop-flight.js").CloseloopFlight;
    "closeloop-handover": import("../elements/closeloop-handover.js").CloseloopHandover;
    "closeloop-hours": import("../elements/closeloop-hours.js").CloseloopHours;
    "closeloop-outage": import("../elements/closeloop-outage.js").CloseloopOutage;
    "closeloop-outage-banner": import("../elements/closeloop-outage-banner.js").CloseloopOutageBanner;
    "closeloop-outage-proposal": import("../elements/closeloop-outage-proposal.js").CloseloopOutageProposal;
    "closeloop-outage-reply": import("../elements/closeloop-outage-reply.js").CloseloopOutageReply;
    "closeloop-owner": import("../elements/closeloop-owner.js").CloseloopOwner;
    "closeloop-ownership": import("../elements/closeloop-ownership.js").CloseloopOwnership;
    "closeloop-pace": import("../elements/closeloop-pace.js").CloseloopPace;
    "closeloop-people": import("../elements/closeloop-people.js").CloseloopPeople;
    "closeloop-pick-threads": import("../elements/closeloop-pick-threads.js").CloseloopPickThreads;
    "closeloop-slack-app": import("../elements/closeloop-slack-app.js").CloseloopSlackApp;
    "closeloop-targets": import("../elements/closeloop-targets.js").CloseloopTargets;
    "closeloop-team": import("../elements/closeloop-team.js").CloseloopTeam;
    "closeloop-team-form": import("../elements/closeloop-team-form.js").CloseloopTeamForm;
    "closeloop-teams": import("../elements/closeloop-teams.js").CloseloopTeams;
  }
}
