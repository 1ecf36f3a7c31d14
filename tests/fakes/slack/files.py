"""The upload of files in three steps (https://docs.slack.dev/messaging/working-with-files#upload)."""

from .blocks import Json
from .methods import method, writable
from .model import Call
from .world import Refusal, World


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(world: World, call: Call) -> Json:
    """Step one: an address to send the bytes to."""
    if not call.args.get("filename") or int(call.args.get("length") or 0) <= 0:
        raise Refusal("invalid_arguments")
    file = world.fresh("F")
    world.files[file] = None
    world.file_names[file] = str(call.args["filename"])
    return {"file_id": file, "upload_url": f"{world.http_url}/upload/{file}"}


@method("files.completeUploadExternal", "files:write")
def complete_upload(world: World, call: Call) -> Json:
    """Step three: make the file known, and share it where a channel is named."""
    files = [str(file.get("id")) for file in call.args.get("files") or []]
    if not files or any(world.files.get(file) is None for file in files):
        raise Refusal("file_not_found")
    if call.args.get("channel_id"):
        call.args["channel"] = call.args["channel_id"]
        text = {"text": call.args.get("initial_comment", ""), "thread_ts": call.args.get("thread_ts")}
        world.post(writable(call), text, files=files)
    return {"files": [{"id": file, "title": world.file_names[file]} for file in files]}
