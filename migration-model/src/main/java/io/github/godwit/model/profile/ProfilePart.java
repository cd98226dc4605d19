package io.github.godwit.model.profile;

/** A part of a {@link VmProfile} that is measured on its own, and can be missing or older than the others. */
public enum ProfilePart {
    /** How many pages the VM writes: the dirty curve. */
    WRITES("how much it writes"),
    /** What a sample of its pages says: non-zero pages, entropy, what compression and delta can save, spatial locality. */
    CONTENT("what its memory holds"),
    /** CPU time that its vCPUs take. */
    VCPU_USE("how much CPU it uses");

    private final String words;

    ProfilePart(String words) {
        this.words = words;
    }

    /** What it says of a VM, for a sentence. */
    public String words() {
        return words;
    }
}
