"""What is round every page: nobody is shown a door that is closed to them."""

from tests.world import make_person


def rail(client) -> str:
    page = client.get("/floor").get_data(as_text=True)
    return page[page.index('class="rail"') : page.index("<main")]


def test_nobody_sees_the_boards_and_where_to_sign_in(client):
    shown = rail(client)

    assert "Running board" in shown
    assert "Sign in" in shown
    assert "Users" not in shown
    assert 'href="/log"' not in shown


def test_an_administrator_sees_administration(client):
    make_person("root")
    client.sign_in("root")

    shown = rail(client)

    assert "Users" in shown
    assert "API documents" in shown
    assert "Sign out" in shown


def test_the_open_page_is_marked(client):
    assert 'href="/floor" aria-current="page"' in rail(client)


def test_an_unknown_address_keeps_the_frame(client):
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert "Running board" in answer.get_data(as_text=True)
