package dev.tars.runner.expression;

/**
 * Why a text is no condition.
 *
 * @param line of the text, from 1
 * @param column from 1
 * @param fix what to do about it
 */
public record Flaw(int line, int column, String what, String fix) {}
