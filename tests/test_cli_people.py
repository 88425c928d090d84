import pytest

from tests.world import NOW, PASSWORD, make_cell, make_person
from webapp import journal, people


@pytest.fixture
def shell(app):
    runner = app.test_cli_runner()
    return lambda *words, **more: runner.invoke(args=[str(word) for word in words], **more)


def test_a_person_is_added(shell):
    answer = shell(
        *("user", "add", "lin", "--role", "planner", "--role", "operator", "--first-name", "Lin"),
        *("--last-name", "Wu", "--password-stdin"),
        input=f"{PASSWORD}\n",
    )

    lin = people.user_named("lin")
    assert (answer.exit_code, answer.output) == (0, "lin can sign in now.\n")
    assert (lin.full_name, lin.roles) == ("Lin Wu", ["planner", "operator"])
    assert journal.recent(f"user:{lin.id}")[0].by == "the shell"
    assert people.sign_in("lin", PASSWORD, "", "", NOW)


def test_the_password_is_asked_for_twice_and_not_shown(shell):
    answer = shell("user", "add", "lin", "--role", "planner", input=f"{PASSWORD}\n{PASSWORD}\n")

    assert answer.exit_code == 0
    assert PASSWORD not in answer.output


def test_what_is_refused_is_said_in_one_line(shell):
    make_person("ada")

    taken = shell("user", "add", "ada", "--role", "planner", "--password-stdin", input=f"{PASSWORD}\n")
    weak = shell("user", "add", "?", "--role", "planner", "--password-stdin", input="password\n")

    assert (taken.exit_code, taken.output) == (1, "Error: username is taken; choose another\n")
    assert weak.output.startswith("Error: username must have 2 to 40 characters")
    assert "password is one of the first" in weak.output


def test_a_role_is_one_of_the_table(shell):
    assert shell("user", "add", "lin", "--role", "king", "--password-stdin").exit_code == 2


def test_a_new_password_is_set(shell):
    make_person("ada")

    answer = shell("user", "password", "ada", "--password-stdin", input="a staple of batteries\n")

    assert answer.exit_code == 0
    assert people.sign_in("ada", "a staple of batteries", "", "", NOW)


def test_nobody_is_told_so(shell):
    answer = shell("user", "password", "nobody", "--password-stdin", input="a staple of batteries\n")

    assert (answer.exit_code, answer.output) == (1, "Error: There is nobody called nobody\n")


def test_a_token_is_printed_once(shell):
    make_person("ada")

    answer = shell("token", "add", "ada", "--name", "night", "--scope", "read", "--days", 7)

    caller = people.caller_for_token(answer.output.strip(), NOW)
    assert (caller.name, caller.token.name, caller.token.scope) == ("ada", "night", "read")


def test_a_cell_has_one_of_its_own(shell):
    cell = make_cell("C01")

    answer = shell("token", "add", "--cell", "C01")

    assert people.caller_for_token(answer.output.strip(), NOW).cell_id == cell.id


@pytest.mark.parametrize("words", [[], ["ada", "--cell", "C01"]])
def test_a_token_is_for_one_or_the_other(shell, words):
    assert shell("token", "add", *words).exit_code == 2


def test_a_cell_that_is_not_there(shell):
    assert shell("token", "add", "--cell", "C99").output == "Error: There is no cell called C99\n"


def test_a_new_code_for_the_first_administrator(shell):
    code = shell("setup", "code").output.strip()

    assert people.use_setup_code(code, "root", PASSWORD, "", "", NOW)
    assert shell("setup", "code").output == "Error: There is an administrator already.\n"
