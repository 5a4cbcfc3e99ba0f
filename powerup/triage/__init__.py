"""The morning call: the queue of threads that nobody owns, decisions about them, and what is learnt from these."""
