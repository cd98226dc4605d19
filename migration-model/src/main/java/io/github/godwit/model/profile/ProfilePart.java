package io.github.godwit.model.profile;

/** A part of a {@link VmProfile} that is measured separately and can be missing or older than the others. */
public enum ProfilePart {
    /** How much the VM writes: the dirty curve. */
    WRITES("how much it writes"),
    /** What a sample of its pages shows: non-zero pages, entropy, compressibility, changed bytes, spatial locality. */
    CONTENT("what its memory holds"),
    /** CPU time of its vCPUs. */
    VCPU_USE("how much CPU it uses");

    private final String words;

    ProfilePart(String words) {
        this.words = words;
    }

    /** What the part describes, as a clause for a sentence. */
    public String words() {
        return words;
    }
}
