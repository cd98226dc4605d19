"""Creates images of guests that write memory at different rates, and flavors for them."""
import os

from trials import BEHAVIOURS, FLAVORS
from trials.images import Images

images = Images()
images.kernel(os.environ["GUEST_KERNEL"])
for behaviour, (_, parameters) in BEHAVIOURS.items():
    images.guest(behaviour, parameters, os.environ["GUEST_DISK"])
for name, (ram, vcpus) in FLAVORS.items():
    images.flavor(name, ram, vcpus)
