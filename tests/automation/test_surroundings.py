from grader.automation.surroundings import scrubbed

WORKFLOW = {
    "PATH": "/usr/bin",
    "HOME": "/home/runner",
    "LC_ALL": "C.UTF-8",
    "GITHUB_TOKEN": "t",
    "GITHUB_OUTPUT": "/tmp/out",
    "ACTIONS_RUNTIME_TOKEN": "t",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "u",
    "RUNNER_TEMP": "/tmp/runner",
    "INPUT_CONFIG": "c",
    "GH_TOKEN": "t",
    "AWS_SECRET_ACCESS_KEY": "s",
    "CLASSROOM50_BUNDLE_DIR": "/b",
    "TMPDIR": "/tmp",
    "PYTHONPATH": "/student",
    "LD_PRELOAD": "/student.so",
}


def test_only_what_a_process_needs_to_run_is_passed_on() -> None:
    passed = scrubbed(WORKFLOW, "/tmp/own")

    assert passed == {
        "PATH": "/usr/bin",
        "HOME": "/home/runner",
        "LC_ALL": "C.UTF-8",
        "TMPDIR": "/tmp/own",
        "PYTHONNOUSERSITE": "1",
    }
