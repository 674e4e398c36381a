"""What is written in one turn of the event loop leaves together."""

import asyncio
from unittest.mock import Mock

from server.http.write_coalescing import ENOUGH, CoalescingTransport


def written(*writes: bytes, pauses: bool = False) -> list[bytes]:
    """What reaches the transport beneath, write by write, when this is written."""
    beneath = Mock(spec=asyncio.Transport)

    async def work() -> None:
        transport = CoalescingTransport(beneath, asyncio.get_running_loop())
        for data in writes:
            transport.write(data)
            if pauses:
                await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(work())
    return [b"".join(call.args[0]) for call in beneath.writelines.call_args_list]


def test_head_and_body_leave_together() -> None:
    assert written(b"head", b"body") == [b"headbody"]


def test_what_is_written_later_leaves_later() -> None:
    assert written(b"head", b"body", pauses=True) == [b"head", b"body"]


def test_a_large_piece_leaves_at_once_after_what_waits() -> None:
    large = bytes(ENOUGH)
    assert written(b"head", large, b"tail") == [b"head" + large, b"tail"]


def test_what_waits_counts_as_unsent_and_leaves_before_the_end() -> None:
    beneath = Mock(spec=asyncio.Transport)
    beneath.get_write_buffer_size.return_value = 10

    async def work() -> None:
        transport = CoalescingTransport(beneath, asyncio.get_running_loop())
        transport.write(b"last")
        assert transport.get_write_buffer_size() == 14
        transport.close()
        assert [call[0] for call in beneath.method_calls if call[0] in ("writelines", "close")] == [
            "writelines",
            "close",
        ]
        await asyncio.sleep(0)

    asyncio.run(work())
    assert beneath.writelines.call_count == 1


def test_an_abort_sends_nothing_more() -> None:
    beneath = Mock(spec=asyncio.Transport)

    async def work() -> None:
        transport = CoalescingTransport(beneath, asyncio.get_running_loop())
        transport.write(b"part")
        transport.abort()
        await asyncio.sleep(0)

    asyncio.run(work())
    beneath.writelines.assert_not_called()
    beneath.abort.assert_called_once()
