/**
 * A finished run as a document: HTML, Markdown, JSON, JUnit XML, SARIF.
 *
 * <p>May use {@code validation}, {@code workspace} and {@code model}. Pure. Must never decide
 * anything, nor pass on text from outside unescaped.
 */
@NullMarked
package dev.tars.runner.report;

import org.jspecify.annotations.NullMarked;
