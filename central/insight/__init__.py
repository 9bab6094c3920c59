"""What is known of visits: projections, reports and the page of a ticket."""
