package io.github.godwit.host;

import io.github.godwit.model.DirtyCurve;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.PageContent;
import io.github.godwit.model.Traffic;
import io.github.godwit.model.VmProfile;
import io.github.godwit.model.VmProfile.DirtySource;
import java.util.List;

/** A VM of 256 MiB that writes some 35 MB/s, as a profile would show it. */
public final class WritingVm {

    private WritingVm() {}

    /** Its profile. */
    public static VmProfile named(String name) {
        return new VmProfile(
                name,
                MemorySize.parse("256M"),
                1,
                32_768,
                new DirtyCurve(List.of(new DirtyCurve.Point(0.1, 1_500), new DirtyCurve.Point(1, 9_000)), 32_768),
                0.1,
                new PageContent(0.5, 0.55, 0.55, 64),
                0.5,
                0,
                MemorySize.parse("168M"),
                false,
                Traffic.NONE,
                DirtySource.DIRTY_BITMAP);
    }
}
