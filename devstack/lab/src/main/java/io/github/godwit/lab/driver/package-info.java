/** A running lab, its record on disk, and the start of its host drivers. */
package io.github.godwit.lab.driver;
