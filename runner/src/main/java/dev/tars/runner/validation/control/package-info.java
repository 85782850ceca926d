/**
 * Plants tests that must be red and tests that must be green beside a project's own, and judges
 * from what a gate reported of them whether it can say no. Pure: texts to texts, reports to a
 * result. It runs nothing, and it must never let a planted file leave the layer of its run.
 */
@NullMarked
package dev.tars.runner.validation.control;

import org.jspecify.annotations.NullMarked;
