"""Tests of the project itself: that its documents, rules and shape hold."""
