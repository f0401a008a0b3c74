"""What a reader may choose and move in each chapter: explorers, choices and world views."""
