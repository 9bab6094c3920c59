"""The entry of the `hub` command."""

from common.machine.entry import end_plainly_when_interrupted
from hub.loading import loading


def main() -> None:
    """Run the command line."""
    end_plainly_when_interrupted()
    with loading():
        from hub.commands.cli import main as run

    run()


if __name__ == "__main__":
    main()
