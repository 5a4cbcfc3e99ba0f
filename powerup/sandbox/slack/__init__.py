"""A chat with channels: incoming webhooks, an app's Web API, buttons that come back, and a Teams-like channel beside them.

double = create_slack()
with double:                              # or double.start(port=8902) ... double.stop()
    double.webhook_url                    # POST {"text", "blocks"} here: the first channel
    double.webhook_url_of("triage")       # ... or another
    double.api_url, double.bot_token      # chat.postMessage, chat.update, auth.test
    double.teams_url                      # POST an adaptive card here
    double.request_url = "http://…"       # clicks on buttons are sent here, signed with double.signing_secret
    double.messages                       # what arrived, in all channels
    double.click(1, "take")               # as a person would on the page
"""

from powerup.sandbox.slack.double import SlackDouble, create_slack
from powerup.sandbox.slack.options import SlackOptions, SlackUser

__all__ = ["SlackDouble", "SlackOptions", "SlackUser", "create_slack"]
