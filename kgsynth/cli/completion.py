"""``kgsynth completion``: the script by which a shell completes commands and options."""

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")

_EXAMPLES = """\b
Example:
  kgsynth completion bash >> ~/.bashrc
  kgsynth completion zsh >> ~/.zshrc
  kgsynth completion fish > ~/.config/fish/completions/kgsynth.fish
"""


@click.command(epilog=_EXAMPLES)
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that teaches SHELL to complete kgsynth's commands and options."""
    root = context.find_root()
    complete = get_completion_class(shell)
    if complete is None:  # click knows all three; a user's click might not
        raise click.UsageError(f"this version of click cannot complete {shell}")
    click.echo(complete(root.command, {}, "kgsynth", "_KGSYNTH_COMPLETE").source())
