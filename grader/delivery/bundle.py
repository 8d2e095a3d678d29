"""The platforms that an assignment can be bundled for."""

from __future__ import annotations

from collections.abc import Callable

from grader.delivery.container import container_bundle
from grader.delivery.files import BundleFiles
from grader.delivery.github_actions import github_bundle
from grader.delivery.gradescope import gradescope_bundle
from grader.delivery.nbgrader_course import nbgrader_bundle
from grader.delivery.options import BundleOptions
from grader.delivery.prairielearn import prairielearn_bundle
from grader.models import Assignment

PLATFORM_BUNDLES: dict[str, Callable[[Assignment, BundleOptions], BundleFiles]] = {
    "gradescope": gradescope_bundle,
    "prairielearn": prairielearn_bundle,
    "github-actions": github_bundle,
    "container": container_bundle,
    "nbgrader": nbgrader_bundle,
}
