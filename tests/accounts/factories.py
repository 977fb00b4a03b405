"""People to test with."""

from typing import Any

import factory
from allauth.account.models import EmailAddress

from accounts.models import User


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody with an account; `verified` proves the address, `manager` may do everything."""

    email = factory.Sequence(lambda n: f"person-{n:06}@example.com")
    name = "Ada Lindqvist"

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        manager = factory.Trait(is_staff=True, is_superuser=True)

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        verified = kwargs.pop("verified", False)
        user = model_class.objects.create_user(*args, **kwargs)
        if verified:
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user
