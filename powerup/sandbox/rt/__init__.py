"""A Request Tracker 5 to try the rt adapter on: its REST interface 2.0, as a real 5.0.3 answers."""
