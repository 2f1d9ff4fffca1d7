"""Flask app, run by gunicorn and written in the style of the tutorial."""

import os
import sqlite3
from functools import wraps
from hmac import compare_digest

from flask import Flask, Response, jsonify, request

app = Flask(__name__)
database = sqlite3.connect(os.environ["DATABASE"], check_same_thread=False)
database.row_factory = sqlite3.Row

COLUMNS = "id, title, author, created_at as createdAt, updated_at as updatedAt"
LIMITS = {"title": 200, "body": 100_000, "author": 100}


def requires_auth(view):
    @wraps(view)
    def decorated(*args, **kwargs):
        given = request.authorization
        if given and compare_digest(f"{given.username}:{given.password}", "admin:secret"):
            return view(*args, **kwargs)
        return jsonify(status=401), 401

    return decorated


@app.get("/hello")
def greet():
    name = request.args.get("name")
    if name is None:
        return jsonify(hello="world", number=3)
    return Response(f"Hello {name}", mimetype="text/plain")


@app.post("/drafts")
def draft():
    document = request.get_json()
    if document.keys() != LIMITS.keys():
        return jsonify(status=400), 400
    for name, limit in LIMITS.items():
        if not isinstance(document[name], str) or not 1 <= len(document[name]) <= limit:
            return jsonify(status=400), 400
    return jsonify(document)


@app.get("/articles")
def list_articles():
    rows = database.execute(f"select {COLUMNS} from articles order by id limit 20")
    return jsonify(items=[dict(row) for row in rows])


@app.get("/articles/<int:article_id>")
def read_article(article_id):
    query = f"select {COLUMNS}, body from articles where id = ?"
    return jsonify(dict(database.execute(query, (article_id,)).fetchone()))


@app.get("/secrets")
@requires_auth
def secret():
    return jsonify(message="Shhh this is top secret spy stuff!")


@app.errorhandler(404)
def not_found(_error):
    return jsonify(status=404), 404


app.json.compact = True
app.json.sort_keys = False
