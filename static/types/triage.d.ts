/** The queue's types under short names. Types only. */

declare namespace Triage {
  type Impact = Api.Impact;
  type Standing = Api.Standing;
  type Kind = Api.DecisionsWanted["kind"];
  type Person = Api.Member;
  type Ref = Api.TeamRef;
  type Reason = Api.Reason;
  type Choice = Api.Choice;
  type Row = Api.QueueRow;
  type Page = Api.Queue;
  type Alike = Api.AlikeThread;
  type Card = NonNullable<Api.AlikeThread["card"]>;
  type EarlierThread = Api.CustomerThread;
  type Episode = Api.PastAssignment;
  type Detail = Api.QueueDetail;
  type News = Api.News;
  type Left = Api.Left;
  type Order = Api.DecisionsWanted;
  type Decided = Api.Decisions;
  type Team = Api.Team;
  type Teams = Api.Teams;
  type View = Api.SavedView;
  type Canned = Api.CannedReply;

  /** What the queue is narrowed to, as form fields have it; an empty string leaves nothing out. */
  interface Filter {
    standing: string;
    forum_id: string;
    team_id: string;
    impact: string;
    waiting_on: string;
    customer_id: string;
    q: string;
  }
}
