# Items of tables and roles of services: what AWS answers and moto does not.


def repair_updates_of_items():
    # AWS keeps a value with the type that `AttributeUpdates` puts it with; moto makes texts of bytes and
    # switches and a list of a set of bytes, and takes away what is set to null.
    from moto.dynamodb.models.dynamo_type import DynamoType, Item

    update = Item.update_with_attribute_updates

    def update_with_attribute_updates(self, attribute_updates):
        rest = {}
        for name, it in (attribute_updates or {}).items():
            if it.get("Action", "PUT") == "PUT":
                self.attrs[name] = DynamoType(it["Value"])
            else:
                rest[name] = it
        update(self, rest)

    Item.update_with_attribute_updates = update_with_attribute_updates


def repair_service_linked_roles():
    # AWS says of a service's role that is there already that its name is taken; moto that a role exists. And
    # the id of a deletion names service and role.
    from moto.iam.exceptions import EntityAlreadyExists, InvalidInput
    from moto.iam.models import IAMBackend

    create, delete = IAMBackend.create_service_linked_role, IAMBackend.delete_service_linked_role
    taken = "Service role name has been taken in this account, please try a different suffix."

    def create_service_linked_role(self, service_name, description, suffix):
        try:
            return create(self, service_name, description, suffix)
        except EntityAlreadyExists:
            raise InvalidInput(taken)

    def delete_service_linked_role(self, role_name):
        path = self.get_role(role_name).path
        return f"task{path}{role_name}/{delete(self, role_name)}"

    IAMBackend.create_service_linked_role = create_service_linked_role
    IAMBackend.delete_service_linked_role = delete_service_linked_role
