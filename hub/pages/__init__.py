"""The pages that people look at all day: counter, board and manager, with their texts, styles and modules."""
