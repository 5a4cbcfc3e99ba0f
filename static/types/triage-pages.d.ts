/** What the pages on outages, digests and the flight recorder read. Types only. The truth is /api/openapi.json. */

declare namespace Pages {
  interface OutageTicket {
    id: number;
    subject: string;
    url: string;
    created_at: string;
  }

  interface Outage {
    id: number;
    state: "proposed" | "open" | "over" | "dismissed";
    area: Api.AreaRef;
    team: Api.TeamRef;
    title: string;
    evidence: Evidence | null;
    opened_by: Api.Member | null;
    opened_at: string | null;
    promise_minutes: number;
    next_word_at: string | null;
    late: boolean;
    tickets: OutageTicket[];
    candidates: OutageTicket[];
    told: number;
    to_tell: number;
    card: { trello_id: string; name: string; url: string } | null;
    ended_at: string | null;
  }

  interface Evidence {
    count: number;
    hours: number;
    usual: number;
    words: string;
  }

  interface DigestLine {
    ticket_id: number;
    subject: string | null;
    customer: string | null;
    forum: string;
    url: string;
    card_url: string | null;
    person: Api.Member | null;
    impact: Api.Impact;
    waiting_since: string | null;
    due_at: string | null;
  }

  interface DigestSection {
    key: "over_target" | "came_back" | "new" | "waiting_on_us" | "answered";
    title: string;
    count: number;
    lines: DigestLine[];
  }

  interface Digest {
    team: Api.TeamRef;
    at: string;
    since: string;
    next_at: string | null;
    sections: DigestSection[];
    outages: string[];
  }

  interface RecorderDay {
    date: string;
    decisions: number;
    seconds_per_decision: number | null;
    undone: number;
    misroutes: number;
    misroute_rate: number | null;
    rank1_share: number | null;
    settled: boolean;
  }

  interface Misroute {
    ticket: { id: number; subject: string; url: string; standing: Api.Standing };
    team: Api.TeamRef;
    at: string;
    why: string | null;
    by: Api.Member | null;
    decided_by: Api.Member | null;
  }

  interface Recorder {
    today: {
      left: number;
      decided: number;
      seconds_per_decision: number | null;
      minutes_left: number;
      triagers: number;
    };
    days: RecorderDay[];
    misroutes: Misroute[];
    time_zone: string;
  }
}
