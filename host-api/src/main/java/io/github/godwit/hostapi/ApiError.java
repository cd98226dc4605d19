package io.github.godwit.hostapi;

/**
 * The body of every response that is not a success.
 *
 * @param error what failed and what to do, in one or two sentences; never a stack trace
 */
public record ApiError(String error) {}
