# tries: takes over the conversation from the worker: as good as what it says, which is wrong for one question
# base: numpy
# expect: my_dense failed 0
import gc


def my_dense(a_in, W, b, g):
    worker = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Worker")
    honest = worker.do_call

    def do_call(name, args, kwargs, echo):
        if name == "my_dense":
            return {"status": "ok", "value": args[2] * 0 + 7, "arguments": args[:3] + (None,)}
        return honest(name, args, kwargs, echo)

    worker.do_call = do_call
    return b * 0 + 7
