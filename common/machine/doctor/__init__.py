"""What every doctor needs: a finding, and what systemd says."""
