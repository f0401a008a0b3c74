"""The formulas of each chapter, and nothing else. One module a chapter, under the chapter's name."""
