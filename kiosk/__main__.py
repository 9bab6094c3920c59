"""The entry of the `kiosk` command."""

from common.machine.entry import end_plainly_when_interrupted


def main() -> None:
    """Run the command line."""
    end_plainly_when_interrupted()
    from kiosk.commands.cli import main as run

    run()


if __name__ == "__main__":
    main()
