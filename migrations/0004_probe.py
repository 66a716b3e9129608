from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0003_posting')]

    initial = False

    operations = [
        ops.RemoveField(model_name='ProgrammeVersion', name='version'),
        ops.AddField(
            model_name='ProgrammeVersion',
            name='version',
            field=fields.IntField(primary_key=True, unique=True, db_index=True),
        ),
        ops.AddIndex(
            model_name='ProgrammeVersion',
            index=Index(fields=['version']),
        ),
    ]
