package io.github.godwit.host.nova.permit;

/** What a host driver was started to do about the migrations from its host. */
public enum AdviceMode {
    /** It advises nova-compute. */
    ADVISE,
    /** It decides, follows and records, and nova-compute uses Nova's own flags ({@code --observe}). */
    OBSERVE,
    /** Nova uses its own flags, and nothing is decided ({@code --no-advice}). */
    SILENT
}
