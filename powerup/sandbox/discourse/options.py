"""Switches of the forum double: what this site has installed, allows and limits. `PUT /sandbox/options` changes them."""

from pydantic import BaseModel, ConfigDict, Field


class Options(BaseModel):
    """How this Discourse is set up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(default="Northwind Deploy Community", description="Name of the site.")
    assign: bool = Field(default=True, description="discourse-assign is installed; off: its routes are 404 and its fields absent.")
    assign_allowed: bool = Field(default=True, description="Staff may assign; off: 403, and the `assigned` filter is silently ignored.")
    solved: bool = Field(default=True, description="discourse-solved is installed; off: its routes are 404 and its fields absent.")
    whispers: bool = Field(default=True, description="Whispers are on; off: `whisper=true` makes an ordinary post (as Discourse does).")
    approval: bool = Field(default=False, description="New posts wait for a moderator: the answer is `enqueued`, without an id.")
    detailed_404: bool = Field(default=False, description="A deleted topic is 410 for those who may not see it.")
    login_for_files: bool = Field(default=False, description="Uploads are for those who are signed in; others get 404.")
    mega_topic_posts: int = Field(default=10_000, ge=0, description="Topics with more posts than this have no stream of ids.")
    moderators_view_emails: bool = Field(default=False, description="Moderators too may look at people's e-mail addresses.")
    tagging: bool = Field(default=True, description="Tags are on; off: tags in a request are ignored, as Discourse does.")
    login_required: bool = Field(default=False, description="Nothing is readable without a key.")
    min_post_length: int = Field(default=20, ge=0, description="Shorter posts are refused with 422.")
    unique_posts_minutes: int = Field(default=5, ge=0, description="The same text within so many minutes is refused with 422; 0: never.")
    rate_limit_next: int = Field(default=0, ge=0, description="Refuse this many API calls with 429.")
    rate_limit_wait: int = Field(default=7, ge=0, description="Seconds that a 429 asks to wait.")
    rate_limit_text: bool = Field(default=False, description="429 as text/plain (the global limits) instead of JSON.")
    admin_api_per_minute: int = Field(default=0, ge=0, description="Discourse's `max_admin_api_reqs_per_minute`; 0: no limit.")
