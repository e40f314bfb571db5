"""Alloys: a potential that depends on the way there, and phases that grow behind a front."""

import numpy as np

from lithomech.units import Ratio


def hysteresis_path(path: Ratio, dx: Ratio, moved: Ratio, width: Ratio) -> Ratio:
    """Place between the branches of a potential with hysteresis, after a step.

        ds/dx = -(1 + s)/width  on lithiation,   (1 - s)/width  on delithiation,   s = path

    1 on the branch of delithiation and -1 on that of lithiation: U = U_mean + s H. What it
    stores per site is F width H s^2/2, and F H s^2 |dx| is dissipated where H does not depend
    on x. The step is implicit.

    Args:
        path: before the step.
        dx: change of stoichiometry.
        moved: its size.
        width: change of stoichiometry in which it gets 1 - 1/e of the way.

    References:
        Plett2004.
    """
    return (path - dx / width) / (1.0 + moved / width)


def front_share(share: Ratio, x: Ratio, x_0: Ratio, reach: Ratio) -> Ratio:
    """Share of a particle behind a front after a step, where all its lithium is.

        d share/dt = rate (x/share - x_0)

    The front moves where the content x/share behind it is not x_0. The step is implicit, the
    positive root of a^2 + (reach x_0 - share) a = reach x, and share itself at reach = 0.

    Args:
        share: before the step.
        x: mean content of the whole particle.
        x_0: content behind the front at which it rests.
        reach: rate times the length of the step.
    """
    b = share - reach * x_0
    return 0.5 * (b + np.sqrt(b * b + 4.0 * reach * x))
