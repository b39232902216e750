# Repairs of IAM's users, groups and access keys.


def repair_boundaries():
    from moto.core.responses import EmptyResult
    from moto.core.serialize import never_return, return_if_not_empty
    from moto.iam.models import Role, User
    from moto.iam.responses import IamResponse

    # AWS limits users by a policy as it limits roles; moto takes it for roles only. Lists are silent about it.
    User.permissions_boundary_arn = None
    User.permissions_boundary = Role.permissions_boundary
    IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER = {
        **IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER,
        "CreateUserResponse.User.PermissionsBoundary": return_if_not_empty,
        "GetUserResponse.User.PermissionsBoundary": return_if_not_empty,
        "ListUsersResponse.Users.User.PermissionsBoundary": never_return,
    }
    create = IamResponse.create_user

    def create_user(self):
        answer = create(self)
        answer.result["User"].permissions_boundary_arn = self._get_param("PermissionsBoundary")
        return answer

    def put_user_permissions_boundary(self):
        user = self.backend.get_user(self._get_param("UserName"))
        user.permissions_boundary_arn = self._get_param("PermissionsBoundary")
        return EmptyResult()

    def delete_user_permissions_boundary(self):
        self.backend.get_user(self._get_param("UserName")).permissions_boundary_arn = None
        return EmptyResult()

    IamResponse.create_user = create_user
    IamResponse.put_user_permissions_boundary = put_user_permissions_boundary
    IamResponse.delete_user_permissions_boundary = delete_user_permissions_boundary


def repair_renaming():
    from moto.iam.exceptions import EntityAlreadyExists
    from moto.iam.models import IAMBackend

    change, rename = IAMBackend.update_user, IAMBackend.update_group

    # A user keeps tags and keys under another name, and no name stands twice; moto keeps tags by the ARN, keys
    # by the old name, and forgets whoever had the new one.
    def update_user(self, user_name, new_path=None, new_user_name=None):
        user = self.users.get(user_name)
        if user is None:
            return change(self, user_name, new_path, new_user_name)
        if new_user_name not in (None, user_name) and new_user_name in self.users:
            raise EntityAlreadyExists(f"User with name {new_user_name} already exists.")
        tags = self.tagger.list_tags_for_resource(user.arn)["Tags"]
        self.tagger.delete_all_tags_for_resource(user.arn)
        change(self, user_name, new_path, new_user_name)
        self.tagger.tag_resource(user.arn, tags)
        for key in user.access_keys:
            key.user_name = user.name

    # A group's path changes under its name, too; to moto the name is taken then.
    def update_group(self, group_name, new_group_name, new_path):
        group = self.get_group(group_name)
        if new_group_name not in (None, group_name):
            rename(self, group_name, new_group_name, None)
        if new_path:
            group.path = new_path

    IAMBackend.update_user = update_user
    IAMBackend.update_group = update_group


def repair_removal():
    from moto.iam.exceptions import DeleteConflictException
    from moto.iam.models import IAMBackend

    remove_user, remove_group = IAMBackend.delete_user, IAMBackend.delete_group

    # AWS removes nobody who still has something; to moto only policies count, and of groups nothing.
    def delete_user(self, user_name):
        user = self.get_user(user_name)
        for held, what in (
            (self.get_groups_for_user(user_name), "must remove user from all groups first"),
            (user.access_keys, "must delete access keys first"),
            (user.ssh_public_keys, "must delete SSH public keys first"),
            (user.mfa_devices, "must delete MFA device first"),
            (user.password, "must delete login profile first"),
            (user.signing_certificates, "must delete signing certificates first"),
            (getattr(user, "service_credentials", None), "must delete service specific credentials first"),
        ):
            if held:
                raise DeleteConflictException(f"Cannot delete entity, {what}.")
        remove_user(self, user_name)

    def delete_group(self, group_name):
        group = self.get_group(group_name)
        for held, what in (
            (group.users, "must remove users from group first"),
            (group.managed_policies, "must detach all policies first"),
            (group.policies, "must delete policies first"),
        ):
            if held:
                raise DeleteConflictException(f"Cannot delete entity, {what}.")
        remove_group(self, group_name)

    IAMBackend.delete_user = delete_user
    IAMBackend.delete_group = delete_group


def repair_policies():
    from moto.iam.models import IAMBackend

    # What is attached already stays attached once; moto counts it twice.
    attach = IAMBackend.attach_user_policy

    def attach_user_policy(self, policy_arn, user_name):
        if policy_arn not in self.get_user(user_name).managed_policies:
            attach(self, policy_arn, user_name)

    IAMBackend.attach_user_policy = attach_user_policy


def repair_access_keys():
    from moto.iam.exceptions import NotFoundException
    from moto.iam.models import IAMBackend

    # AWS tells of the keys of one's own account; moto looks through the users of all accounts, which others may be
    # changing at that moment.
    def get_access_key_last_used(self, access_key_id):
        key = self.access_keys.get(access_key_id)
        if key is None:
            raise NotFoundException(f"The Access Key with id {access_key_id} cannot be found.")
        return {"user_name": key.user_name, "last_used": key.last_used}

    IAMBackend.get_access_key_last_used = get_access_key_last_used


def repair_service_credentials():
    # AWS gives users passwords for single services; moto knows none of these operations.
    import random
    import string

    from moto.core.responses import ActionResult, EmptyResult
    from moto.core.utils import utcnow
    from moto.iam.exceptions import NotFoundException
    from moto.iam.responses import IamResponse

    def held(self):
        user = self.backend.get_user(self._get_param("UserName"))
        return user, user.__dict__.setdefault("service_credentials", {})

    def create_service_specific_credential(self):
        user, all = held(self)
        letters = string.ascii_uppercase + string.digits
        made = {
            "UserName": user.name,
            "ServiceName": self._get_param("ServiceName"),
            "ServiceUserName": f"{user.name}-at-{user.account_id}",
            "ServicePassword": "".join(random.choices(string.ascii_letters, k=44)),
            "ServiceSpecificCredentialId": "ACCA" + "".join(random.choices(letters, k=17)),
            "CreateDate": utcnow(),
            "Status": "Active",
        }
        all[made["ServiceSpecificCredentialId"]] = made
        return ActionResult({"ServiceSpecificCredential": made})

    def list_service_specific_credentials(self):
        told = [{k: v for k, v in it.items() if k != "ServicePassword"} for it in held(self)[1].values()]
        return ActionResult({"ServiceSpecificCredentials": told, "IsTruncated": False})

    def delete_service_specific_credential(self):
        id = self._get_param("ServiceSpecificCredentialId")
        if held(self)[1].pop(id, None) is None:
            raise NotFoundException(f"No such credential {id} exists")
        return EmptyResult()

    IamResponse.create_service_specific_credential = create_service_specific_credential
    IamResponse.list_service_specific_credentials = list_service_specific_credentials
    IamResponse.delete_service_specific_credential = delete_service_specific_credential
