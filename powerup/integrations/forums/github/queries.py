"""What GraphQL is asked. Fields as in https://docs.github.com/public/fpt/schema.docs.graphql (types Discussion, DiscussionComment, Issue).

Nodes asked for at once stay far below GitHub's limit of 500,000, and a page of a discussion below the size that is read.
"""

REPLIES = 20
"""Replies to one comment that come with it; more are asked for one comment at a time."""

_AUTHOR = """
  author { __typename login avatarUrl(size: 90)
    ... on User { databaseId name } ... on Bot { databaseId } ... on Organization { databaseId } ... on Mannequin { databaseId } }
  authorAssociation createdAt lastEditedAt bodyHTML body url
"""
_COMMENT = f"""
  id databaseId deletedAt isMinimized minimizedReason viewerDidAuthor {_AUTHOR}
"""
_STUB = """
  id number title url createdAt updatedAt closed stateReason locked
  labels(first: 100) { nodes { name } } answer { id } comments { totalCount }
"""

DISCUSSION = f"""
query Discussion($owner: String!, $name: String!, $number: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    isPrivate
    discussion(number: $number) {{
      id databaseId number title url updatedAt closed stateReason locked viewerDidAuthor
      labels(first: 100) {{ nodes {{ name }} }}
      answer {{ id }}
      category {{ isAnswerable }}
      {_AUTHOR}
      comments(first: 50, after: $after) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{ {_COMMENT} replies(first: {REPLIES}) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ {_COMMENT} }} }} }}
      }}
    }}
  }}
}}
"""

REPLIES_OF = f"""
query Replies($id: ID!, $after: String) {{
  node(id: $id) {{ ... on DiscussionComment {{
    replies(first: 100, after: $after) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ {_COMMENT} }} }}
  }} }}
}}
"""

DISCUSSIONS = f"""
query Discussions($owner: String!, $name: String!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    discussions(first: 100, after: $after, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{
      totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {_STUB} }}
    }}
  }}
}}
"""

ISSUES = """
query Issues($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 100, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { number title url createdAt updatedAt comments { totalCount } }
    }
  }
}
"""

CONVERTED = """
query Converted($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      timelineItems(last: 1, itemTypes: [CONVERTED_TO_DISCUSSION_EVENT]) {
        nodes { ... on ConvertedToDiscussionEvent { discussion { number } } }
      }
    }
  }
}
"""

SEARCH = f"""
query Search($query: String!, $first: Int!) {{
  search(query: $query, type: DISCUSSION, first: $first) {{
    nodes {{ ... on Discussion {{ {_STUB} repository {{ nameWithOwner }} }} }}
  }}
}}
"""

RENDERED = """
query Rendered($id: ID!) {
  node(id: $id) {
    ... on DiscussionComment { bodyHTML discussion { repository { nameWithOwner } } }
    ... on Discussion { bodyHTML repository { nameWithOwner } }
  }
}
"""

CHECK = """
query Check($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { hasDiscussionsEnabled discussions(first: 1) { totalCount } }
}
"""

ANSWERABLE = """
query Answerable($owner: String!, $name: String!, $number: Int!, $comment: ID!) {
  repository(owner: $owner, name: $name) { discussion(number: $number) { id closed category { isAnswerable } } }
  node(id: $comment) { ... on DiscussionComment { id isAnswer viewerCanMarkAsAnswer discussion { id } } }
}
"""

STATE = """
query State($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { discussion(number: $number) { id closed labels(first: 100) { nodes { id name } } } }
}
"""

ADD_COMMENT = """
mutation AddComment($id: ID!, $body: String!) {
  addDiscussionComment(input: {discussionId: $id, body: $body}) { comment { id url } }
}
"""

MARK_ANSWER = """
mutation MarkAnswer($id: ID!) { markDiscussionCommentAsAnswer(input: {id: $id}) { discussion { answer { id } } } }
"""

CLOSE = """
mutation Close($id: ID!) { closeDiscussion(input: {discussionId: $id, reason: RESOLVED}) { discussion { closed } } }
"""

ADD_LABELS = """
mutation AddLabels($id: ID!, $labels: [ID!]!) { addLabelsToLabelable(input: {labelableId: $id, labelIds: $labels}) { clientMutationId } }
"""

REMOVE_LABELS = """
mutation RemoveLabels($id: ID!, $labels: [ID!]!) {
  removeLabelsFromLabelable(input: {labelableId: $id, labelIds: $labels}) { clientMutationId }
}
"""
