"""What every centre is like now, for anybody who thinks of going there: as data, as pages, as a news feed."""
