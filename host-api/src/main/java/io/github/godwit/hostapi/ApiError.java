package io.github.godwit.hostapi;

/**
 * The body of every answer that is not a success.
 *
 * @param error what is wrong and what to do, in a sentence or two; never a stack trace
 */
public record ApiError(String error) {}
