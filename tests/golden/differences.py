"""Where we deliberately differ from the Go Custom Pod Autoscaler 2.12, and what we do instead.
Sections and traps are those of the contract."""

from difference import (Difference, absent, answer, becomes, begins_with, both, failure, put,
                        refused_at_start, reworded, through)

NO_NUMBER = {  # answers of evaluate that the reference refuses as well: our words for the reason
    "array": "the answer is not a JSON object",
    "bad-escape": "bad escape at byte 26",
    "bad-utf8-out": "unexpected character at byte 0",
    "blank": "the answer is empty",
    "bom": "the answer begins with a byte order mark; write it without one",
    "comment": "expected '}' at byte 20",
    "ctrl-in-string": "control character in a string at byte 26",
    "empty": "the answer is empty",
    "hex": "expected '}' at byte 19",
    "html": "unexpected character at byte 0",
    "leading-zero": "expected '}' at byte 19",
    "nan": "unexpected character at byte 18",
    "nbsp": "unexpected character at byte 0",
    "number": "the answer is not a JSON object",
    "plus": "unexpected character at byte 18",
    "python-warning": "unexpected character at byte 0",
    "quote-in-message": "unexpected character at byte 0",
    "single-quote": "expected '\"' at byte 1",
    "string": "the answer is not a JSON object",
    "target-array": "targetReplicas is [4], which is not a number",
    "target-big": "targetReplicas is 99999999999, which is more than 2147483647",
    "target-float": "targetReplicas is 4.5, which is not a whole number",
    "target-int32max1": "targetReplicas is 2147483648, which is more than 2147483647",
    "target-object": "targetReplicas is {}, which is not a number",
    "target-string": "targetReplicas is \"4\", which is not a number",
    "target-true": "targetReplicas is true, which is not a number",
    "text": "unexpected character at byte 0",
    "trailing": "unexpected text after the JSON value at byte 20",
    "trailing-comma": "expected '\"' at byte 20",
    "true": "the answer is not a JSON object",
    "truncated": "unexpected end of JSON at byte 18",
    "truncated2": "expected '}' at byte 19",
    "truncated3": "unexpected end of JSON in a string at byte 8",
    "two-objects": "unexpected text after the JSON value at byte 20",
    "unquoted": "expected '\"' at byte 1",
    "vertical-tab": "unexpected character at byte 0",
}


def evaluation(name):
    return f"invalid-evaluation/eval-{name}.http"


def no_evaluation(quoted, why):
    return failure(f"failed to parse JSON evaluation, got '{quoted}': {why}")


def long_answer_cut(message):
    quoted = message[message.index("'") + 1 : message.rindex("': ")]
    return (f"failed to parse JSON evaluation, got '{quoted[:1024]}... ({len(quoted)} bytes)': "
            "nested too deeply at byte 535")


def zero_spelled(why):
    return both(through("': ", why), reworded(lambda message: message.replace("\0", "\\x00")))


def json_typed(answers):
    """Successes whose type Go guessed."""
    return [{**one, "type": "application/json"} if one.get("status") == 200 and one["body"] != ""
            else one for one in answers]


def current_replicas(stage_input):
    if "scaleTargetRef" not in stage_input:
        return stage_input
    return {**stage_input, "currentReplicas": stage_input["resource"]["spec"]["replicas"]}


def pod_named(stage_input):
    pod = {**stage_input["resource"], "apiVersion": "v1", "kind": "Pod"}
    return {**stage_input, "resource": pod}


def sized_and_typed(request):
    """A request with a body, as we send it."""
    if request["framing"] != "chunked":
        return request
    headers = {"content-type": ["application/json"], **request["headers"]}
    return {**request, "framing": "length", "headers": headers}


def without_referer(request):
    headers = {name: value for name, value in request["headers"].items() if name != "referer"}
    return {**request, "headers": headers}


DIFFERENCES = [
    Difference(
        "section 9, trap 22", "Successful answers say that they are JSON.",
        {"*.http": json_typed}),
    Difference(
        "section 9, trap 7", "Scale hooks are told the current number of replicas.",
        {"*/p*Scale*.json": current_replicas,
         "http-methods/http-request-0{7-pre,8-post}Scale.txt":
             lambda request: {**request, "body": current_replicas(request["body"])}}),
    Difference(
        "section 9, trap 7", "Scale hooks get the raw evaluation in API runs too, not 0.",
        {"api-run/{pre,post}Scale.json": put("/targetReplicas", 4),
         "api-run-no-change/{pre,post}Scale.json": put("/targetReplicas", 3),
         "downscale-held/{pre,post}Scale.4.json": put("/targetReplicas", 2),
         "hook-fails/{preScale/pre,postScale/pre,postScale/post}Scale.json":
             put("/targetReplicas", 4),
         "http-methods/http-request-0{7-pre,8-post}Scale.txt": put("/body/targetReplicas", 4),
         "per-pod-zero-pods/{pre,post}Scale.json": put("/targetReplicas", 1),
         "scale-above-max/{pre,post}Scale.2.json": put("/targetReplicas", 50),
         "scale-zero/from-zero/{pre,post}Scale.2.json": put("/targetReplicas", 3),
         "targets/{lower-kind,replicaset,replicationcontroller,statefulset}/{pre,post}Scale.json":
             put("/targetReplicas", 4)}),
    Difference(
        "section 3, metric, per-pod", "A pod says what it is, as its documentation shows.",
        {"{api-metrics,k8s-metrics,metric-fails}-per-pod/metric*.json": pod_named,
         "per-pod-timer/metric*.json": pod_named}),
    Difference(
        "section 9, trap 6", "No pods are an empty list, not null and not a missing key.",
        {"per-pod-zero-pods/postMetric*.json": put("/metrics", []),
         "per-pod-zero-pods/{preEvaluate,evaluate,postEvaluate}*.json": put("/metrics", []),
         "per-pod-zero-pods/get-metrics.http": answer(200, [])}),

    # What evaluate answers.
    Difference(
        "section 2.3", "The detail of a parse error is in our parser's words.",
        {evaluation(name): through("': ", why) for name, why in NO_NUMBER.items()}),
    Difference(
        "section 9, trap 14", "A long answer is cut when it is quoted.",
        {evaluation("deep"): reworded(long_answer_cut)}),
    Difference(
        "section 2.3", "A zero byte in a quoted answer is spelled out.",
        {evaluation("ctl-chars"): zero_spelled("unexpected character at byte 0"),
         evaluation("nul"): zero_spelled("unexpected text after the JSON value at byte 20")}),
    Difference(
        "section 9, trap 5", "No number is a failure, never 0.",
        {evaluation("empty-object"): no_evaluation("{}", "targetReplicas is missing"),
         evaluation("null"): no_evaluation("null", "the answer is not a JSON object"),
         evaluation("target-null"):
             no_evaluation('{"targetReplicas":null}',
                           "targetReplicas is null, which is not a number")}),
    Difference(
        "section 9, trap 5", "Whole numbers may be written as 4.0 or 4e0.",
        {evaluation("target-{float-int,exp}"): answer(200, {"targetReplicas": 4})}),
    Difference(
        "section 9, trap 5", "A negative number is a mistake, and nothing is scaled on a mistake.",
        {evaluation("target-negative"):
             no_evaluation('{"targetReplicas":-4}', "targetReplicas is -4, which is negative"),
         "scale-below-min/post.http":
             no_evaluation('{"targetReplicas":-4}', "targetReplicas is -4, which is negative"),
         "scale-below-min/{postEvaluate,preScale,postScale}.2.json": absent,
         "scale-below-min/order.txt": lambda lines: lines[:-3]}),
    Difference(
        "section 9, trap 5", "Contradicting duplicates are a mistake.",
        {evaluation("duplicate"):
             no_evaluation('{"targetReplicas":3,"targetReplicas":4}',
                           "targetReplicas is given more than once with different values"),
         evaluation("dup-case"):
             no_evaluation('{"targetReplicas":3,"TargetReplicas":4}',
                           "targetReplicas is given more than once with different values")}),
    Difference(
        "section 2.3, other key case", "A key is matched in ASCII: the long s (U+017F) is no s.",
        {evaluation("kelvin"):
             no_evaluation('{"targetReplica\u017f":4}', "targetReplicas is missing")}),

    # What is refused at start, with every complaint at once.
    Difference(
        "section 9, trap 3", "A method without a positive timeout can never succeed.",
        {**refused_at_start("evaluate-timeout/exit-{}.txt", "evaluate-timeout/post-dry-{}.http",
                            ["0", "unset", "negative"], "evaluate-timeout/metric.{2,3,4}.json"),
         "evaluate-timeout/order.txt": becomes(["metric 1"]),
         **refused_at_start("http-errors/{}/exit.txt", "http-errors/{}/get.http", ["timeout-0"])}),
    Difference(
        "section 9, trap 31", "HTTP methods that cannot work.",
        {**refused_at_start("http-errors/{}/exit.txt", "http-errors/{}/get.http",
                            ["bad-header", "bad-header-value", "bad-method", "bad-url", "empty-url",
                             "no-mode", "no-scheme", "relative-url", "scheme-ftp", "unknown-mode"]),
         **refused_at_start("http-errors/{}/exit.txt", "http-errors/{}/get.http",
                            ["empty-success-codes", "no-success-codes"],
                            "http-errors/{}/http-request-01-x.txt")}),
    Difference(
        "section 9, trap 31", "Shell methods that cannot work, and unknown types.",
        refused_at_start("shell-errors/exit-{}.txt", "shell-errors/{}.http",
                         ["empty-entrypoint", "no-http-block", "no-shell-block", "no-type",
                          "type-case", "unknown-type"])),
    Difference(
        "section 9, trap 38", "Metric specs that no run can gather.",
        refused_at_start("k8s-metrics-each/{}/exit.txt", "k8s-metrics-each/{}/get.http",
                         ["resource-no-target", "unknown-type"],
                         "k8s-metrics-each/{}/k8s.jsonl")),
    Difference(
        "section 9, trap 38", "Metrics of single containers are asked for.",
        {"k8s-metrics-each/container-resource/get.http": failure(
            "failed to get all required Kubernetes metrics: gatherer multi metric error: 1 errors, "
            "first error is failed to get container resource metric: unable to get metrics for "
            "resource cpu: unable to fetch metrics from resource metrics API: not recorded: GET "
            "/apis/metrics.k8s.io/v1beta1/namespaces/baseline/pods?labelSelector=app%3Dweb")}),
    Difference(
        "section 9, trap 1", "A target without a name or with an impossible apiVersion.",
        refused_at_start("targets/{}/exit.txt", "targets/{}/post.http",
                         ["bad-api-version", "empty-api-version", "empty-name"],
                         "targets/{}/k8s.jsonl")),
    Difference(
        "section 9, traps 1 and 31", "Configurations that could not run, or crashed when they did.",
        {"startup-errors/exit-{bad-run-mode,env-run-mode,duplicate-yaml-key,no-evaluate,no-metric,"
         "no-scale-target}.txt": becomes(["exited by itself, code 2"]),
         "startup-errors/get-{bad-run-mode,env-run-mode,duplicate-yaml-key,no-evaluate,no-metric,"
         "no-scale-target}.http": absent}),

    # Calls of user logic.
    Difference(
        "section 9, trap 12", "A body has a length and a type.",
        {"{http-errors,http-methods,https-methods}/*http-request-*.txt": sized_and_typed}),
    Difference(
        "section 2.2", "A HEAD request has no body.",
        {"http-errors/head/http-request-01-x.txt":
             both(put("/framing", "none"), put("/body", ""))}),
    Difference(
        "section 9, trap 14", "No Referer, which would hand the query on.",
        {"http-errors/redirect-*/http-request-*.txt": without_referer}),
    Difference(
        "section 2.2", "The address in the message is whole.",
        {"http-errors/redirect-loop/get.http": failure(
            'failed to gather metrics: Get "http://127.0.0.1:15002/loop": '
            "stopped after 10 redirects")}),
    Difference(
        "section 2.2, tails", "What libcurl, OpenSSL or the C library say is not in Go's words.",
        {"http-errors/garbage/get.http": through('/garbage": '),
         "http-errors/no-host/get.http": through('/x": '),
         "https-methods/unknown-authority/get.http":
             through("tls: failed to verify certificate: ")}),
    Difference(
        "section 9, trap 9",
        "A call's processes carry its mark, so that they are found when it times out; two signals "
        "of the C library are ignored by what it starts.",
        {"shell-errors/env-and-fds.http":
             put("/0/body/0/value", lambda answers: "CPAB_CALL=MARK\n" + answers[0]["body"][0]["value"]
                 .replace("SigIgn:\t0000000000000000", "SigIgn:\t0000000180000000"))}),

    Difference(
        "section 3, which stages run", "Nobody is asked about a target that is switched off.",
        {"scale-zero/off/{order.txt,preMetric*,metric*,postMetric*,preEvaluate*,evaluate*,"
         "postEvaluate*}": absent}),

    # The REST API.
    Difference(
        "section 9, trap 23", "A malformed query does nothing instead of a real run.",
        {"rest-errors/raw-semicolon.http":
             failure("Malformed query: 'a;dry_run=abc' is not a name=value pair", 400),
         "rest-errors/order.txt": lambda lines: lines[:-2]}),  # nor does the next one
    Difference(
        "section 9, trap 23, of names", "A misspelt dry run does nothing instead of a real run.",
        {"rest-errors/200-case-param.http":
             failure("There is no parameter 'DRY_RUN' here; did you mean 'dry_run'? ", 400),
         "rest-errors/200-case-param.runType": becomes(["metric did not run"])}),
    Difference(
        "section 7", "OPTIONS * is not for any resource we have; Go's server answers it itself.",
        {"rest-errors/raw-star.http": answer(404, "404 page not found", "text/plain")}),
    Difference(
        "section 9, trap 27", "What is no HTTP is refused at once instead of being waited on.",
        {"rest-errors/raw-tls-hello.http": answer(400, "400 Bad Request", "text/plain")}),
    Difference(
        "section 9, trap 19",
        "Only what is needed is asked for, and again within the cycle's time.",
        {"api-server-down/{get,post}.http": failure(
            'Get "https://127.0.0.1:1/apis/apps/v1": '
            "dial tcp 127.0.0.1:1: connect: connection refused (tried ")}),

    # Shutdown.
    Difference(
        "section 9, traps 10 and 46",
        "A signal is obeyed at once in every state: no further stage, no patch.",
        {"shutdown/exit-before-start.txt": becomes(["code after signal 15: 0"]),
         "startup-errors/exit-start-time-60000.txt": becomes(["code after signal 15: 0"]),
         "shutdown/order.txt": becomes(["metric 1", "metric 2"]),
         "shutdown/evaluate{,.2}.json": absent,
         "shutdown/metric.2.json": put("/runType", "api"),  # no second tick: the API call's
         "shutdown/metric.3.json": absent,
         "shutdown/k8s.jsonl": becomes([]),
         "slow-tick/order.txt": lambda lines: lines[:-1],
         "slow-tick/evaluate.5.json": absent,
         "concurrent-api/order.txt": begins_with(3),
         "concurrent-api/metric.{4,5}.json": absent,
         "concurrent-api/evaluate.{2,3,4}.json": absent}),
    Difference(
        "section 9, trap 10", "SIGHUP and SIGQUIT end it in order too, so that no script is left.",
        {"shutdown/exit-hup.txt": becomes(["code after signal 1: 0"])}),
    Difference(
        "section 9, trap 28", "A call in flight is answered.",
        {"shutdown/get-api-busy.http": failure(
            "failed to gather metrics: entrypoint '/bin/sh', command "
            "'[@tools/rec.sh @ metric sleep 2; printf 7]' was ended: cpab is stopping")}),
]
